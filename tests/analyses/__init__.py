"""Tests of the analyses, and the selections that they are tested on."""
