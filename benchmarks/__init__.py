"""Times the training side by side with other libraries, and the course itself; never part of the tests."""
