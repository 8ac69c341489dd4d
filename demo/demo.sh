#!/bin/sh
# The main job on a real PFX. `make demo` runs it against a local ACM: certkit sandbox -- sh demo/demo.sh
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
demo=$PWD/demo
out=$demo/out

folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$folder"' EXIT
cp fixtures/openssl/pfx/default.pfx "$folder/shop.pfx"
cp fixtures/openssl/pfx/renewed.pfx "$folder/shop-renewed.pfx"
cp fixtures/pki/rsa-root.crt "$folder/root.pem"
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

say "The job for every night: certkit.toml says what renews a certificate, and certkit renew does it where it is due"
cat >certkit.toml <<MANIFEST
[certificates.blog]
source = "blog.pem"
renew_command = ["python", "$demo/issue.py", "blog.example.com", "blog.pem"]

[certificates.shop]
source = "shop-renewed.pfx"
passin = "env:PFX_PASSWORD"
tags = { team = "web" }
MANIFEST
run cat certkit.toml
run certkit renew
say "The next night: nothing is due"
run certkit renew
say "Does the job run, and is there a certificate that none renews?"
run certkit doctor --jobs

say "Imported and served are two facts: a TLS server starts with the certificate that ACM holds now"
arn=$(certkit --quiet import shop-renewed.pfx --name shop --tag team=web --passin env:PFX_PASSWORD --format json |
    python -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["arn"])')
certkit split shop.pfx --out old --passin env:PFX_PASSWORD >old.txt
certkit split shop-renewed.pfx --out served --passin env:PFX_PASSWORD >served.txt
python "$demo/serve.py" served port &
server=$!
until test -s port; do
    kill -0 "$server" || exit 1
    sleep 0.1
done
door=127.0.0.1:$(cat port)
run certkit verify shop.example.com "$arn" --roots root.pem --connect-to "$door"
say "The same server after somebody has put the old files back: exit code 1"
cp old/*.pem served/
code=0
run certkit verify shop.example.com "$arn" --roots root.pem --connect-to "$door" || code=$?
test "$code" = 1
