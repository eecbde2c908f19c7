"""Lessons in cards: a topic in five to eight cards for citizens, a course of five lessons with a closing test for officials.

The words are in content/lessons/ and content/courses/; how far somebody came is in the citizens' store under the quiz's pseudonym.
"""
