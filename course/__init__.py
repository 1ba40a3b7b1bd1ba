"""The ground floor: authoring, the site, the grader and the benchmark all use it. It imports nothing of ours."""
