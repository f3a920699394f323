"""What do files hold? A corpus.yaml that is proposed from the files themselves."""
