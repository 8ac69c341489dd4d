"""The last good bundles, kept where a rollback finds them: ACM itself keeps none and gives no key back."""
