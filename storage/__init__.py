"""What is remembered: tables, migrations, and one module per subject.

Frozen records come out, values go in.
"""
