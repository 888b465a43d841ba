#!/usr/bin/env bash
# Everything that CI checks. Arguments go on to pytest, such as -k ranking.
# BIN=/path/to/venv/bin uses an environment that is ready instead of making .venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -z "${BIN:-}" ]; then
  scripts/setup.sh dev,spark
  BIN=.venv/bin
fi

scripts/lint.sh
scripts/test_wheel.sh
# One thread in each process: the test processes already fill the cores.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
  "$BIN/python" -m pytest -n "${TEST_PROCESSES:-auto}" --dist loadfile --cov --cov-report=term "$@"
