"""Images that the book uses: pulled if a registry answers, else built from programs of this machine."""
