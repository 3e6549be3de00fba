"""The quote builder: coverages, ways of setting their date, and what that costs, line by line."""
