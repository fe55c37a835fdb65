"""What the functions share. One direction: functions -> shared -> Firestore."""
