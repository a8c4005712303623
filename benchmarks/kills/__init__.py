"""`kills`: whether anything that was acknowledged is lost, or done twice, when processes of a running installation are
killed. No benchmark: it says yes or no, and its figures are beside the point."""
