"""What the checks found, listed, filtered and led to. `panel.FindingsPanel` is the face."""
