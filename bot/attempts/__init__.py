"""Running attempts: start, ask, answer, deadline, the pace at each court, and an honest end for every one of them."""
