# The same steps as CI (.ci/run); `just` alone lists them.

default:
    @just --list

# install into .venv with everything a developer needs
setup:
    scripts/setup.sh dev,spark

# score, rank and report the bundled sample
demo *ARGS:
    scripts/demo.sh {{ARGS}}

# format the code
format:
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .

# format check, lint, types, import directions
lint:
    scripts/lint.sh

# everything that CI checks
test *ARGS:
    scripts/test.sh {{ARGS}}

# build the wheel and try it in a bare environment
wheel:
    scripts/test_wheel.sh

# exactly what CI runs, system packages included
ci:
    .ci/run
