"""Who may do what with a document that has members."""
