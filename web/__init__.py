"""What all pages share: layout, style, fonts, sessions, form protection. It knows no citizen, officer or tip.

site.py puts a whole app together; pages.py renders; assets.py serves web/static; security.py sets headers and refuses what
is over limits.py; sessions.py keeps who is signed in; tries.py checks passwords, each after its wait; forms.py reads forms in
memory and checks where they come from; errors.py says what went wrong; times.py writes moments. Rooms build their templates
on base.html, parts.html.
"""
