"""定稿: what is still open before it, who checked and when, the 校验报告, and the bar over a final report."""
