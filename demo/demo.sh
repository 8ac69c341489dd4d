#!/bin/sh
# The main job on a real PFX. `make demo` runs it against a local ACM: certkit sandbox -- sh demo/demo.sh
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
out=$PWD/demo/out

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp fixtures/openssl/pfx/default.pfx "$folder/shop.pfx"
cp fixtures/openssl/pfx/renewed.pfx "$folder/shop-renewed.pfx"
cd "$folder"
PFX_PASSWORD=changeit # the fixtures' own, and public
export PFX_PASSWORD

say() {
    printf '\n# %s\n' "$1"
}

run() {
    printf '$ %s\n' "$*"
    "$@"
}

say "What did the CA send?"
run certkit inspect shop.pfx --passin env:PFX_PASSWORD
say "Key, certificate and chain, as three files"
run certkit split shop.pfx --passin env:PFX_PASSWORD
say "Would ACM take it?"
run certkit validate shop.pfx --passin env:PFX_PASSWORD
say "Into ACM, in us-east-1"
run certkit import shop.pfx --name shop --tag team=web --passin env:PFX_PASSWORD
say "The same again: nothing to do"
run certkit import shop.pfx --name shop --tag team=web --passin env:PFX_PASSWORD
say "The renewed certificate: the same ARN"
run certkit import shop-renewed.pfx --name shop --tag team=web --passin env:PFX_PASSWORD
say "What is in ACM, and how long is it good for?"
run certkit status
say "The same as a page, for a browser: demo/out/status.html"
mkdir -p "$out"
run certkit status --format html --out "$out/status.html"
