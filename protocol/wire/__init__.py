"""How the processes talk: message structures, their one encoder, and stable error codes."""
