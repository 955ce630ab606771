"""What Microsoft Teams is given to install the desk: a manifest in two languages and two icons, in one archive."""
