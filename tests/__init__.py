"""Tests: they mirror the four rooms."""
