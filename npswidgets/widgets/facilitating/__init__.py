"""What a facilitator looks at, what may be pressed there and what it does: plain functions, without a widget."""
