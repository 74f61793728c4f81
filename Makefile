# What each target does is in course/; `make` alone lists them.
PYTHON ?= python3
RUN = $(PYTHON) course/environment.py && .venv/bin/python -m course

.PHONY: help course test book labs bench
help:
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

course: ## the environment, the book, the labs, and a small class graded
	@$(RUN) all

test: ## every test that this machine can run (ARGS="-m 'not slow'" for pytest's own arguments)
	@$(RUN) test -- $(ARGS)

book: ## the book alone: _build/html/index.html (ARGS=--mnist to stop where MNIST cannot be had)
	@$(RUN) book $(ARGS)

labs: ## the students' notebooks from solutions/ (LAB=encoder for one)
	@$(RUN) labs $(LAB)

bench: ## what the README states of speed, measured again and written there (ARGS="--database URL")
	@$(RUN) bench $(ARGS)
