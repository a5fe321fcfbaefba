"""The pages on which a report is filled in, and what stands beside them. `pages.make_page` gives one for a section."""
