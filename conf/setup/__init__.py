"""Set-up: brings a fresh checkout to where everything else can run. Imports only the standard library."""
