"""The list of all rules: how each stands, why, and what a person says of it. `checks.Checks` is the conversation."""
