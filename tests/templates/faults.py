"""What is broken in a template, and which check of check_templates.py must find it."""

from template import POLICY, REPORT, ROLE


def at(template, kind):
    """The first resource of a type."""
    return next(one for one in template["Resources"].values() if one["Type"] == kind)


def statement(template):
    return at(template, POLICY)["Properties"]["PolicyDocument"]["Statement"][0]


def trust(template):
    return at(template, ROLE)["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]


def account_rule(template):
    return template["Rules"]["OnlyTheManifestsAccount"]["Assertions"][0]


# check, example, what is broken
FAULTS = [
    ("dangling", "automatic", lambda t: trust(t).update(Condition={"Ref": "SpotExternalID"})),
    ("dangling", "default", lambda t: t["Outputs"]["SpotRoleArn"].update(
        Value={"Fn::GetAtt": ["SpotRole", "ARN"]})),
    ("dangling", "default", lambda t: statement(t).update(Resource={"Fn::Sub": "${Partition}"})),
    ("placeholders", "default", lambda t: statement(t).update(Resource="arn:${AWS::Partition}:x")),
    ("unused", "default", lambda t: t["Parameters"].update(More={"Type": "String"})),
    ("order", "automatic", lambda t: t["Resources"]["SpotExternalId"].update(
        DependsOn=["SpotAccount"])),
    ("order", "automatic", lambda t: t["Resources"]["RenamedSpotAccountByAlias"].update(
        DependsOn=["SpotLinkedCredentials", "SpotRole"])),
    ("order", "automatic", lambda t: t["Resources"]["SpotAccount"].update(DependsOn=["SpotRole"])),
    ("order", "default", lambda t: t["Resources"]["SpotRole"].update(DependsOn=["Policy"])),
    ("outputs", "default", lambda t: t["Outputs"].pop("SpotRoleArn")),
    ("outputs", "default", lambda t: t["Outputs"].pop("SpotPolicyArn")),
    ("outputs", "default", lambda t: t["Outputs"]["SpotPolicyArn"].pop("Description")),
    ("loose_policies", "default",
     lambda t: at(t, ROLE)["Properties"]["ManagedPolicyArns"].pop(0)),
    ("command", "default", lambda t: at(t, ROLE)["Properties"].update(RoleName="Spot")),
    ("command", "default", lambda t: t["Parameters"].update(More={"Type": "String"})),
    ("command", "default", lambda t: t["Parameters"]["SpotExternalId"].update(Default="other")),
    ("rules", "default", lambda t: t.pop("Rules")),
    ("rules", "default", lambda t: account_rule(t)["Assert"].update(
        {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "000000000000"]})),
    ("rules", "default", lambda t: account_rule(t)["Assert"].update({"Fn::Equals": ["a", "a"]})),
    ("rules", "default", lambda t: t["Resources"].update(Report={
        "Type": REPORT, "Properties": {}})),
    ("other_policies", "default", lambda t: statement(t)["Action"].pop()),
    ("other_policies", "default", lambda t: trust(t).pop("Condition")),
    ("other_policies", "automatic", lambda t: statement(t).update(Resource="*")),
    ("untrusted", "default", lambda t: trust(t).pop("Condition")),
    ("untrusted", "automatic", lambda t: trust(t).update(Principal={"AWS": ["*"]})),
    ("sizes", "default", lambda t: statement(t).update(Resource=["x" * 80] * 90)),
    ("sizes", "default", lambda t: trust(t).update(Sid="x" * 2048)),
    ("sizes", "default", lambda t: t.update(Description="x" * 1025)),
    ("types", "default", lambda t: statement(t).update(Resource=123456789012)),
    ("types", "default", lambda t: statement(t).update(Sid=True)),
    ("types", "default", lambda t: account_rule(t)["Assert"].update(
        {"Fn::Equals": [{"Ref": "AWS::AccountId"}, 123456789012]})),
    ("secrets", "automatic", lambda t: t["Parameters"]["Token"].pop("NoEcho")),
    ("secrets", "automatic", lambda t: t["Parameters"]["Token"].update(Default="a")),
    ("secrets", "automatic", lambda t: t["Outputs"]["AccountId"].update(Value={"Ref": "Token"})),
    ("secrets", "automatic", lambda t: at(t, ROLE)["Properties"].update(
        Description={"Fn::Sub": "for ${Token}"})),
    ("lost", "automatic", lambda t: t["Resources"]["SpotAccount"].pop("DeletionPolicy")),
    ("lost", "automatic", lambda t: t["Resources"]["SpotAccount"].update(
        UpdateReplacePolicy="Delete")),
    ("lost", "default", lambda t: t["Resources"]["SpotRole"].update(DeletionPolicy="Retain")),
    ("open_buckets", "eco-report", lambda t: at(t, "AWS::S3::Bucket")["Properties"].pop(
        "BucketEncryption")),
    ("open_buckets", "eco-report", lambda t: at(t, "AWS::S3::Bucket")["Properties"][
        "PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False)),
    ("open_buckets", "eco-report", lambda t: at(t, "AWS::S3::BucketPolicy")["Properties"][
        "PolicyDocument"]["Statement"].pop()),
    ("rules", "eco-report", lambda t: t["Rules"].pop("OnlyWhereReportsExist")),
    ("lost", "eco-report", lambda t: at(t, REPORT).pop("DeletionPolicy")),
]
SOURCES = {"automatic": "examples: automatic-payments-dev", "default": "examples: default-sandbox",
           "eco-report": "eco: integration-eco-cost-and-usage-report"}
