"""The ground floor: what authors, the site, the grader and the benchmark all stand on. It imports nothing of ours."""
