#!/usr/bin/env bash
# Build the wheel and try it in a bare environment: what a user of `pip install` gets.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
BIN="${BIN:-.venv/bin}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"$BIN/python" -m pip wheel --quiet --no-deps --wheel-dir "$scratch" .
size=$(du -m "$scratch"/*.whl | cut -f1)
if [ "$size" -gt 60 ]; then
  echo "test_wheel: the wheel has $size MB, more than 60" >&2
  exit 1
fi
"$BIN/python" -m venv "$scratch/bare"
"$scratch/bare/bin/pip" install --quiet --disable-pip-version-check "$scratch"/*.whl
cd "$scratch"
bare/bin/gov-sentiment --help >/dev/null
bare/bin/python - <<'PY'
import importlib.util

import gov_sentiment as gs
from gov_sentiment.resources import sample_folder

for name in ("pyspark", "torch", "selenium", "pandas"):
    assert importlib.util.find_spec(name) is None, f"the core install pulls in {name}"
exchanges = gs.read_archive(*sorted(sample_folder().iterdir()))
print(gs.rank_agencies(gs.score(exchanges), min_n=5).top(3))
PY
echo "test_wheel: the wheel ($size MB) installs and works in a bare environment" >&2
