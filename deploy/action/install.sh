# Installs this very version of certkit into a folder of its own, away from the Python of the job.
set -euo pipefail

if ! "$INPUT_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "::error title=certkit::$INPUT_PYTHON is not Python 3.11 or newer: name another with the input python"
  exit 2
fi
folder="$RUNNER_TEMP/certkit"
"$INPUT_PYTHON" -m venv "$folder"
programs="$folder/bin"
if [ -d "$folder/Scripts" ]; then programs="$folder/Scripts"; fi # Windows
"$programs/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "certkit=$programs/certkit" >>"$GITHUB_OUTPUT"
