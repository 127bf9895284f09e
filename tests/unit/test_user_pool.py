"""What the template's user pool allows strangers and whoever has stolen a token; the emulator enforces none of it."""

from __future__ import annotations

from testkit.template import properties, template

POOL, CLIENT = properties("UserPool"), properties("UserPoolClient")


def test_nobody_can_register_or_find_out_who_has() -> None:
    assert POOL["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    assert CLIENT["PreventUserExistenceErrors"] == "ENABLED"
    assert POOL["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


def test_an_address_is_one_user_however_it_is_written() -> None:
    old, new = POOL["UsernameConfiguration"]["Fn::If"][1:]
    assert new == {"CaseSensitive": False}
    assert template()["Parameters"]["CaseSensitiveEmails"]["Default"] == "false"
    # A pool from before keeps what it was created with: AWS refuses an update that says otherwise.
    assert old == {"Ref": "AWS::NoValue"}


def test_users_cannot_change_what_they_sign_in_with() -> None:
    # Cognito lets a client that names no attribute write all of the standard ones.
    assert CLIENT["WriteAttributes"]
    assert not set(CLIENT["WriteAttributes"]) & {*POOL["UsernameAttributes"], "email", "phone_number"}


def test_a_changed_email_has_to_be_confirmed_first() -> None:
    verified = POOL["UserAttributeUpdateSettings"]["AttributesRequireVerificationBeforeUpdate"]
    assert set(verified) == set(POOL["UsernameAttributes"]) <= set(POOL["AutoVerifiedAttributes"])


def test_a_refresh_token_is_rotated_can_be_revoked_and_ends_within_a_week() -> None:
    assert CLIENT["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert 0 < CLIENT["RefreshTokenRotation"]["RetryGracePeriodSeconds"] <= 60
    # Cognito refuses a client that has both.
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in CLIENT["ExplicitAuthFlows"]
    assert CLIENT["EnableTokenRevocation"] is True
    assert (CLIENT["RefreshTokenValidity"], CLIENT["TokenValidityUnits"]["RefreshToken"]) == (7, "days")
