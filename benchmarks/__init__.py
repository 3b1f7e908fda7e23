# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks: ratios of two things measured in the same run, in alternation.

An absolute time means nothing on another machine; what counts is a job against its floor.
"""
