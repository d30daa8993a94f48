# SPDX-License-Identifier: Apache-2.0
"""Stands in for a test that this machine cannot build: prints why and reports 'skipped' to Meson."""
import sys

print("skipped:", *sys.argv[1:])
sys.exit(77)
