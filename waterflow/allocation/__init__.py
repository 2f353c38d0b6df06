"""What was decided: the one place where solver vectors get names, units and an audit."""
