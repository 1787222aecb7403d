"""How much more probable are the answers if the protected model is a source than if it is not?"""
