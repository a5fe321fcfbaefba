"""How everything in the window looks, and what every room uses: colours, fonts, icons, dialogs, work beside it."""
