"""How everything in the window looks, and what every room of it uses: colours, fonts, icons, work beside the window."""
