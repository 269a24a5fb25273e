#!/bin/sh
# Writes requirements/*.txt from uv.lock, for machines without uv. Run it after every change of the lock.
set -eu
cd "$(dirname -- "$0")/.."

export_to() {
    file=$1
    shift
    uv export --quiet --no-config --frozen --no-header --no-annotate --no-emit-project --extra server "$@" \
        --format requirements-txt --output-file "requirements/$file"
}

export_to server.txt --no-default-groups
export_to test.txt --group dev
