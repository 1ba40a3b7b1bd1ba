"""Compares what a submission returned with what is expected: points, states, feedback. Pure; runs no students' code."""
