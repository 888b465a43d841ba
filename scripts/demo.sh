#!/usr/bin/env bash
# From nothing to a ranking: install into .venv, then score, rank and report the bundled sample.
# Arguments go on to `gov-sentiment run`, such as --lang en.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh
.venv/bin/gov-sentiment run --sample --out results/ "$@"
