# One place for everything that is run by hand or by CI. `make` alone lists it.

PYTHON ?=
UV ?= uv
bin := .venv/bin
export PYTHON
# The tests start hundreds of processes, which would compile the programs again each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run supervise check test prove bench docs lock

help:
	@echo 'make run        a demo floor and the agent’s desk          演示职场与座席终端'
	@echo 'make supervise  supervisor mode on the same floor         同一职场的主管模式'
	@echo 'make setup      the environment alone, in .venv/          只准备 .venv/ 环境'
	@echo 'make check      style, types, import direction            代码风格、类型、依赖方向'
	@echo 'make test       check, and all tests but the long ones    检查及全部常规测试'
	@echo 'make prove      the long proofs                           长时间验证'
	@echo 'make bench      the benchmarks, each with its ratios      性能基准'
	@echo 'make docs       pictures (tmux, rsvg) and the wire’s document  重新生成图片与接口文档'
	@echo 'make lock       the lock again (needs uv)                 重新生成依赖锁（需 uv）'
	@echo 'PYTHON=…        which Python 3.11 or 3.12 to use          指定 Python 3.11 或 3.12'

setup:
	@tools/setup

run: setup
	@$(bin)/python -m agent_client.demo

supervise: setup
	@$(bin)/python -m agent_client.demo --supervise

.PHONY: code
code: setup
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy

check: code
	$(bin)/pytest tests/architecture

test: code
	$(bin)/pytest -n 3 -m 'not prove'

prove: setup
	$(bin)/pytest -n 4 -m prove

bench: setup
	$(bin)/python -m bench.ingestion
	$(bin)/python -m bench.latency
	$(bin)/python -m bench.storm
	$(bin)/python -m bench.refold
	$(bin)/python -m bench.month
	$(bin)/python -m bench.live_floor
	$(bin)/python -m bench.wallboard
	$(bin)/python -m bench.ringing
	$(bin)/python -m bench.invite

docs: setup
	$(bin)/python -m tools.protocol_document
	$(bin)/python -m tools.pictures

lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url pyproject.toml --output-file requirements.lock
