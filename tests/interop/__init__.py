"""certkit beside other programs: bundles they wrote, and what they make of ours."""
