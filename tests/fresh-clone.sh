#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/fresh-clone.sh [TARGET...]: clones the last commit into a temporary folder and makes the targets there (default: run, then test),
# as a stranger would. Nothing of the tree's build folder is used. KEEP=1 keeps the folder.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- run test

folder=$(mktemp -d "${TMPDIR:-/tmp}/selkirk-fresh.XXXXXX")
[ "${KEEP:-0}" = 1 ] || trap 'rm -rf "$folder"' EXIT
git clone -q "$(pwd)" "$folder/selkirk"
cd "$folder/selkirk"
unset BUILD VENV MAKEFLAGS MFLAGS MAKELEVEL
echo "fresh clone of $(git log -1 --format='%h %s') in $folder/selkirk"
for target in "$@"; do
    start=$(date +%s)
    echo "== make $target"
    make "$target"
    echo "== make $target: done in $(($(date +%s) - start)) s"
done
changed=$(git status --porcelain)
if [ -n "$changed" ]; then
    echo "make changed files that are under version control, or left some that are not ignored:"
    echo "$changed"
    exit 1
fi
