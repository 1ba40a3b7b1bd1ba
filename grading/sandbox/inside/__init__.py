"""The half of the sandbox that shares its process with students' code: nothing that it says is believed."""
