"""What came back of a submission, compared with what is expected: points, states, feedback. Pure; nothing runs here."""
