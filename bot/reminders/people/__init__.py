"""Who hears, and who keeps the dates: people's own wishes, rosters, admins, and what a chat can say of them."""
