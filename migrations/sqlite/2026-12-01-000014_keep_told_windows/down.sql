DROP TABLE counselling_told_windows;
