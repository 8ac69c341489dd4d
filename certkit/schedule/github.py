"""The job in a GitHub workflow."""

import json
import shlex
from collections.abc import Mapping

from certkit.schedule.job import UNIT, Job


def github(job: Job) -> Mapping[str, str]:
    """Returns a workflow, which gets its role by OIDC with nothing but GitHub's and AWS's own means.

    https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws and, for the two
    variables, https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html.
    """
    settings = {"AWS_ROLE_ARN": job.role, "CERTKIT_LEDGER": job.ledger, "MANIFEST": job.manifest}
    variables = "".join(
        f"      {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items() if value
    )
    return {f".github/workflows/{UNIT}.yml": f"{_head(job)}{variables}{_steps(job)}"}


def _head(job: Job) -> str:
    """Returns the workflow down to its variables: when it runs, one at a time, and with what rights."""
    return f"""name: {UNIT}
on:
  schedule:
    - cron: "{job.minute} {job.hour} * * *"
  workflow_dispatch:
permissions: {{}}
concurrency:
  group: {UNIT}
  cancel-in-progress: false
jobs:
  renew:
    name: Renew certificates
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read # the manifest
      id-token: write # the role, by OIDC
    env:
      AWS_ROLE_SESSION_NAME: {UNIT}
"""


def _steps(job: Job) -> str:
    return f"""    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - name: Install certkit
        run: |
          python3 -m venv "$RUNNER_TEMP/certkit"
          "$RUNNER_TEMP/certkit/bin/pip" install --quiet {shlex.quote(job.package)}
      - name: Renew
        run: |
          umask 077
          export AWS_WEB_IDENTITY_TOKEN_FILE="$RUNNER_TEMP/token"
          curl --silent --show-error --fail --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$AWS_WEB_IDENTITY_TOKEN_FILE"
          "$RUNNER_TEMP/certkit/bin/certkit" renew "$MANIFEST"
"""
