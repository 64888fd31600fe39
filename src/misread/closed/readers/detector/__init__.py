"""The face detector that two of the packages use, on rendered faces: nothing here takes a picture from outside."""
