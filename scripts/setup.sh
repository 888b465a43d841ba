#!/usr/bin/env bash
# Install the package into .venv beside this checkout.
#   scripts/setup.sh            the package alone
#   scripts/setup.sh dev,spark  editable, with these extras
# PYTHON=… chooses the interpreter; it must be 3.11 or later.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
extras="${1:-}"

find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3 python3.12 python3.13 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "setup: no Python 3.11 or later found. Install one, or name it with PYTHON=/path/to/python3." >&2
  return 3
}

if [ ! -x .venv/bin/pip ]; then
  python="$(find_python)"
  # A virtual environment of its own: many systems refuse pip install outside one (PEP 668).
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "setup: $python cannot make virtual environments. On Debian or Ubuntu:" >&2
    echo "  sudo apt-get install $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2
    exit 3
  fi
fi

echo "setup: installing into .venv …" >&2
if [ -n "$extras" ]; then
  .venv/bin/pip install --quiet --disable-pip-version-check --editable ".[$extras]"
else
  .venv/bin/pip install --quiet --disable-pip-version-check .
fi
