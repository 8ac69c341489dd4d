# Validates the sources: annotations in the log, what a person reads in the summary of the job, a report in a file.
# Inputs are variables and never code. Works with the bash 3.2 of macOS, to which an empty array is unset.
set -euo pipefail

arguments=(validate "--fail-on=$INPUT_FAIL_ON" "--select=$INPUT_SELECT" "--ignore=$INPUT_IGNORE")
if [ "$INPUT_CERTIFICATES_ONLY" = true ]; then arguments+=(--certificates-only); fi
if [ "$INPUT_STRICT" = true ]; then arguments+=(--strict); fi
if [ -n "$INPUT_CONFIG" ]; then arguments+=("--config=$INPUT_CONFIG"); fi
while read -r word; do
  if [ -n "$word" ]; then arguments+=("$word"); fi
done <<<"$INPUT_OPTIONS"
sources=()
while read -r source; do
  if [ -n "$source" ]; then sources+=("$source"); fi
done <<<"$INPUT_SOURCES"
if [ "${#sources[@]}" -eq 0 ]; then
  echo "::error title=certkit::the input sources names no bundle"
  echo "exit-code=2" >>"$GITHUB_OUTPUT"
  exit 2
fi

code=0
"$CERTKIT" "${arguments[@]}" --format=github -- "${sources[@]}" || code=$?
{
  echo "### certkit validate"
  echo "<pre>"
  { "$CERTKIT" "${arguments[@]}" --format=text -- "${sources[@]}" 2>&1 || true; } |
    sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
  echo "</pre>"
} >>"$GITHUB_STEP_SUMMARY"
if [ -n "$INPUT_OUTPUT" ]; then
  : >"$INPUT_OUTPUT" # where it cannot be written, this ends the step
  report=0
  "$CERTKIT" "${arguments[@]}" "--format=$INPUT_FORMAT" -- "${sources[@]}" >"$INPUT_OUTPUT" || report=$?
  if [ "$report" -gt "$code" ]; then code=$report; fi # a format that is none, say
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
