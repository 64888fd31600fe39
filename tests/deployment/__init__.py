"""Tests of the deployment file."""
